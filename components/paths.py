"""Where the dashboard is served, and so how one of its pages or files is addressed.

Pure: the app says once at its start under which path it is served; what runs without a server uses the root.
"""

_served = {"under": ""}


def serve_under(path: str) -> None:
    """Address everything under this path from now on, "" for the root; "atlas", "/atlas" and "/atlas/" are one."""
    bare = path.strip("/")
    _served["under"] = f"/{bare}" if bare else ""


def base_path() -> str:
    """Return the path the app is served under, as in "/atlas", or "" for the root."""
    return _served["under"]


def url(path: str) -> str:
    """Return the absolute path of one of our pages or files, for example `url("browser/store.js")`."""
    return f"{base_path()}/{path}"
