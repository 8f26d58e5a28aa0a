"""Charts of the review pack as plain shapes, drawn as vectors on paper and as SVG."""
