"""Print the RegistryTLSConfig made of ca.crt, client.crt and client.key."""

from pathlib import Path

from talos_registry import ClientIdentity, RegistryTLSConfig, emit

tls = RegistryTLSConfig(
    name="registry.example:5000",
    ca=Path("ca.crt").read_text(),
    client_identity=ClientIdentity(cert=Path("client.crt").read_text(), key=Path("client.key").read_text()),
)
print(emit([tls]), end="")
