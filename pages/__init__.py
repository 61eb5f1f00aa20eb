"""One screen each, drawn by `render(view_state)`."""
