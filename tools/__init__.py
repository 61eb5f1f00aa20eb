"""What makers of this project run by hand: nothing here is needed to run the dashboard."""
