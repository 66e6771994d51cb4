"""The second factor: asked for after the password, no code twice, recovery codes once, and counted when wrong."""

import pyotp
import pytest

from hub.core.errors import BadInput, NotSignedIn, TooManyAttempts
from hub.identity import reading, second_factor, signing_in
from hub.identity.second_factor import STEP_S
from hub.identity.sessions import SignedIn
from hub.identity.signing_in import Caller, CodeNeeded
from hub.identity.views import Visitor
from tests.fakes.clock import HeldClock
from tests.hub.clinic import PASSWORD, Clinic

HERE = Caller("192.0.2.7")


@pytest.fixture
def app(clinic: Clinic, clock: HeldClock) -> tuple[pyotp.TOTP, list[str]]:
    """The viewer's authenticator app, set up, and the recovery codes."""
    with clinic.workplace.begin() as work:
        offer = second_factor.offer(work, visitor(clinic))
        assert offer.picture.startswith("data:image/svg+xml")
        app = pyotp.TOTP(offer.secret)
        with pytest.raises(BadInput):
            second_factor.confirm(work, visitor(clinic), offer.sealed, "000000x")
        codes = second_factor.confirm(work, visitor(clinic), offer.sealed, shown(app, clock))
    clock.move(ms=STEP_S * 1000)
    return app, codes


def visitor(clinic: Clinic) -> Visitor:
    with clinic.workplace.read() as work:
        found = reading.visitor(work, reading.by_name(work, "viewer"), "secret")
    assert found is not None
    return found


def shown(app: pyotp.TOTP, clock: HeldClock) -> str:
    return app.at(clock.now_ms() // 1000)


def sign_in(clinic: Clinic, code: str = "") -> SignedIn:
    return signing_in.sign_in(
        clinic.workplace, clinic.passwords, HERE, name="viewer", password=PASSWORD, code=code
    )


def challenge(clinic: Clinic) -> str:
    with pytest.raises(CodeNeeded) as needed:
        sign_in(clinic)
    return needed.value.challenge


def test_after_the_password_comes_the_code_and_each_only_once(
    clinic: Clinic, clock: HeldClock, app: tuple[pyotp.TOTP, list[str]]
) -> None:
    code = shown(app[0], clock)
    asked = challenge(clinic)
    with pytest.raises(NotSignedIn):
        signing_in.answer(clinic.workplace, HERE, asked, "123")
    assert signing_in.answer(clinic.workplace, HERE, asked, f"{code[:3]} {code[3:]}").token
    with pytest.raises(NotSignedIn):
        signing_in.answer(clinic.workplace, HERE, challenge(clinic), code)
    clock.move(ms=STEP_S * 1000)
    assert sign_in(clinic, shown(app[0], clock)).token


def test_a_recovery_code_lets_in_once(clinic: Clinic, app: tuple[pyotp.TOTP, list[str]]) -> None:
    assert len(set(app[1])) == second_factor.RECOVERY_CODES
    assert sign_in(clinic, app[1][0].upper()).token
    with pytest.raises(NotSignedIn):
        sign_in(clinic, app[1][0])


def test_a_challenge_ends_and_cannot_be_made(
    clinic: Clinic, clock: HeldClock, app: tuple[pyotp.TOTP, list[str]]
) -> None:
    asked = challenge(clinic)
    clock.move(ms=signing_in.CHALLENGE_MS)
    for bad in (asked, "", "AAAA", asked[::-1]):
        with pytest.raises(NotSignedIn):
            signing_in.answer(clinic.workplace, HERE, bad, shown(app[0], clock))


def test_codes_cannot_be_tried_for_ever(clinic: Clinic, app: tuple[pyotp.TOTP, list[str]]) -> None:
    asked = challenge(clinic)
    for _attempt in range(5):
        with pytest.raises(NotSignedIn):
            signing_in.answer(clinic.workplace, HERE, asked, "123456x")
    with pytest.raises(TooManyAttempts):
        signing_in.answer(clinic.workplace, HERE, asked, "123456x")


def test_the_secret_lies_there_sealed(clinic: Clinic, app: tuple[pyotp.TOTP, list[str]]) -> None:
    with clinic.workplace.read() as work:
        stored = repr(work.connection.exec_driver_sql("SELECT * FROM account").all())
        codes = repr(work.connection.exec_driver_sql("SELECT * FROM recovery_code").all())
    assert app[0].secret not in stored
    assert app[1][0] not in codes
