"""What the law asks along the TEN-T roads, and what a plan fulfils of it; door: ``check``."""

__all__ = ["check", "law", "spacing"]
