def mailbox(name: str, address: str) -> str:
    """A name and an address as they stand in a header (RFC 5322, 3.4); on one line, whatever."""
    quoted = " ".join(name.replace("\\", "").replace('"', "").split())
    return f'"{quoted}" <{address}>'
