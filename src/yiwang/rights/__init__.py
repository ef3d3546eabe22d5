"""Floor 5, 维权服务: help in need and a voice at work."""
