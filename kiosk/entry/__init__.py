"""Text entry as pure logic."""
