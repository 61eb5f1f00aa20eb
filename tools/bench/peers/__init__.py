"""The peers: the usual ways to put dated markers on a Streamlit map, on the same data, panels and base map as ours."""
