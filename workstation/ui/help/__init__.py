"""Help inside the window: the guide, the tour, the glossary, the rules."""
