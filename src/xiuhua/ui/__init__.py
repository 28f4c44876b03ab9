"""How it looks: components and their gallery, formats, SVG charts."""
