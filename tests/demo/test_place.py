from pathlib import Path

from project.demo.place import hold


def test_one_demo_at_a_time_in_a_place(tmp_path: Path) -> None:
    first = hold(tmp_path / "demo")
    assert first is not None
    assert hold(tmp_path / "demo") is None
    other = hold(tmp_path / "another")
    assert other is not None
    other.close()
    first.close()
    again = hold(tmp_path / "demo")
    assert again is not None
    again.close()
