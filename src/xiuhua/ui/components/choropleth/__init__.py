"""Component choropleth."""
