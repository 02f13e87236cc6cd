"""The author's side: build notebooks from Markdown and prove a unit before it is released."""
