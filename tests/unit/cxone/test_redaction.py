"""Secrets are taken out of what a tenant says."""

from __future__ import annotations

import threading

from reconciler.cxone.redaction import Redactor, shorten


def test_every_secret_is_taken_out_wherever_it_stands() -> None:
    redactor = Redactor()
    redactor.hide("hush-hush", "t0ken-1")
    redactor.hide("t0ken-2")
    assert redactor.clean("a t0ken-1, hush-hush; t0ken-2t0ken-1") == "a [hidden], [hidden]; [hidden][hidden]"


def test_a_secret_that_holds_another_is_taken_out_whole() -> None:
    redactor = Redactor()
    redactor.hide("secret", "secret-and-more")
    assert redactor.clean("secret-and-more") == "[hidden]"


def test_what_is_too_short_to_be_a_secret_leaves_the_text_readable() -> None:
    redactor = Redactor()
    redactor.hide("", "a", "id")
    assert redactor.clean("a valid idea") == "a valid idea"


def test_secrets_come_from_many_threads() -> None:
    redactor = Redactor()
    threads = [threading.Thread(target=redactor.hide, args=(f"secret-{number:02}",)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (
        redactor.clean(" ".join(f"secret-{number:02}" for number in range(32))).split() == ["[hidden]"] * 32
    )


def test_shortens_on_one_line() -> None:
    assert shorten(" a\n b\t c ", 10) == "a b c"
    assert shorten("abcdefghij", 10) == "abcdefghij"
    assert shorten("abcdefghijk", 10) == "abcdefghi…"
