"""What the review pack says, section by section, before it becomes a PDF or a web page."""
