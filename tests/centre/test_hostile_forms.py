"""Whatever is posted: the person's choice, or a clear refusal. Never an error of ours."""

import pytest
from django.test import Client, RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.centre.form import BadForm, posted
from tests.builders import make_topic
from tests.centre.messages import all_rows, make_message, preferences_path, unsubscribe_path

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"

BODIES: list[tuple[bytes, str]] = [
    (b"do=save&ticked=" + b"x" * 100_000, FORM),
    (b"do=save&" + b"ticked=a&" * 2_000, FORM),
    (b"do=break&days=-1", FORM),
    (b"do=break&days=30.5", FORM),
    (b"do=break&days=%D9%A3%D9%A0", FORM),
    (b"do=break&days=99999999999", FORM),
    (b"do=break", FORM),
    (b"do=%00", FORM),
    (b"do=\xff\xfe", FORM),
    (b"do=stop", "application/json"),
    (b"do=stop", f"{FORM}x"),
    (b"\x00" * 50, "multipart/form-data; boundary=a"),
    (b"--a\r\n", "multipart/form-data; boundary=" + "a" * 500),
    (
        b"--a\r\nContent-Disposition: form-data; name=do\r\n\r\nstop",
        "multipart/form-data; boundary=\n",
    ),
    (b"do=stop", ""),
    (b"d\x00o\x00", f"{FORM}; charset=utf-16"),
]


@pytest.mark.parametrize(("body", "content_type"), BODIES)
def test_what_no_page_sends_is_refused_plainly(
    client: Client, body: bytes, content_type: str
) -> None:
    attempt = make_message()
    before = all_rows()
    for path in (preferences_path(attempt), unsubscribe_path(attempt)):
        answer = client.generic("POST", path, body, content_type=content_type)
        assert answer.status_code == 400
        assert b"Nothing was changed." in answer.content
    assert all_rows() == before


@pytest.mark.parametrize("charset", ["base64", "utf-16", "idna", "nonsense", "zlib"])
def test_the_charset_a_sender_names_decides_nothing(client: Client, charset: str) -> None:
    body = '--a\r\nContent-Disposition: form-data; name="stop"\r\n\r\ntopic\r\n--a--\r\n'
    answer = client.generic(
        "POST",
        unsubscribe_path(make_message()),
        body,
        content_type=f"multipart/form-data; boundary=a; charset={charset}",
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("length", ["x", "-5", "99999999", "1e3"])
def test_a_length_that_lies_is_refused_before_anything_is_read(length: str) -> None:
    request = RequestFactory().post("/", {"do": "stop"}, CONTENT_LENGTH=length)
    with pytest.raises(BadForm):
        posted(request)


def test_files_are_dropped_unread(client: Client) -> None:
    body = (
        '--a\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\nMZ\r\n'
        '--a\r\nContent-Disposition: form-data; name="stop"\r\n\r\ntopic\r\n--a--\r\n'
    )
    path = unsubscribe_path(make_message())
    answer = client.post(path, body.encode(), content_type="multipart/form-data; boundary=a")
    assert answer.status_code == 200


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    body=st.binary(max_size=300),
    kind=st.sampled_from([FORM, "multipart/form-data; boundary=a", "text/plain"]),
    do=st.sampled_from(
        [
            b"",
            b"do=save&",
            b"do=save&often:",
            b"do=save&as_of=",
            b"do=only&only=",
            b"do=break&",
            b"do=break-until&until=",
            b"do=tell&words=",
            b"do=take-back&statement=",
            b"do=language&language=",
            b"stop=topic&",
            b"--a\r\n",
        ]
    ),
)
def test_no_bytes_make_an_error(client: Client, body: bytes, kind: str, do: bytes) -> None:
    attempt = make_message(topic=make_topic())
    for path in (preferences_path(attempt), unsubscribe_path(attempt)):
        answer = client.post(path, do + body, content_type=kind)
        assert answer.status_code in {200, 303, 400, 422}
