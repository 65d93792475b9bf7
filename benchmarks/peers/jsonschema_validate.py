"""What one writes without a Talos tool: PyYAML and ``jsonschema``. ``python jsonschema_validate.py SCHEMA FILE``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml
from jsonschema.validators import validator_for

schema = json.loads(Path(sys.argv[1]).read_bytes())
validator = validator_for(schema)(schema)
with Path(sys.argv[2]).open(encoding="utf-8") as stream:
    sys.exit(0 if all(validator.is_valid(document) for document in yaml.load_all(stream, yaml.CSafeLoader)) else 1)
