"""What Talos accepts and one would regret: the engine, what rules see and say, and the rules."""
