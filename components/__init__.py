"""How it is shown: the frame, the map and the panels."""
