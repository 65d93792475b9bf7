"""JSON Schemas: those of this library, and checks against that of Talos."""
