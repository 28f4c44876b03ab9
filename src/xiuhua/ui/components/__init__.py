"""The components, a folder each; `ui.rendering` finds them."""
