"""`counterfoil demo`: placeholder replaced below."""
def demo() -> None:
    """Demo."""
