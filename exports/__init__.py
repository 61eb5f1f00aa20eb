"""How it leaves: what a view shows, or everything, as files and citations. No Streamlit, no clock."""
