"""Configs without their secrets, and the secrets that stand in configs."""
