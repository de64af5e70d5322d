def words(text: str) -> tuple[str, ...]:
    """The entries of a comma-separated list."""
    return tuple(" ".join(word.split()) for word in text.split(",") if word.strip())
