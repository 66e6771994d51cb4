"""`wellheard image`: render one terminal's files, and put them on a flashed card.

Decides only how it is asked. Options go before the site's file, which holds what terminals of a site share.
"""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from wellheard.image.bundle import open_bundle
from wellheard.image.card import install_on_card
from wellheard.image.files import card_files
from wellheard.image.folder import write_folder
from wellheard.image.settings import ImageRefused, checked, own_token, read_site

app = typer.Typer(
    help="A terminal's card: from a stock Raspberry Pi OS Lite.", no_args_is_help=True
)

FIRMWARE = (
    Path(__file__).parents[2] / "firmware_config",
    Path(__file__).parent / "firmware_config",
)
"""In a checkout; in an installed wheel."""
PASSPHRASE = "WELLHEARD_WIFI_PASSPHRASE"  # noqa: S105  the variable's name


def _option(text: str) -> Any:
    return typer.Option(help=text, show_default=False)


@app.command()
def render(
    device: Annotated[str, _option("Its name at the hub: small letters, digits, hyphens.")],
    out: Annotated[Path, _option("The folder to write; only one of the same device is renewed.")],
    *,
    site: Annotated[
        Path | None, _option("A TOML file with what the site's terminals share.")
    ] = None,
    hub: Annotated[str | None, _option("The hub's address, https://…")] = None,
    hub_ca: Annotated[Path | None, _option("The certificates its own is checked against.")] = None,
    bundle: Annotated[
        Path | None, _option("The software, as `wellheard release publish` puts it on a stick.")
    ] = None,
    root: Annotated[
        Path | None, _option("Where the terminal begins to trust; none: the bundle's.")
    ] = None,
    enrolment: Annotated[
        Path | None, _option("A token from the hub, or its table of them.")
    ] = None,
    hostname: Annotated[str | None, _option("If it is not to be the device's name.")] = None,
    timezone: Annotated[str | None, _option("Such as Europe/Madrid.")] = None,
    locale: Annotated[str | None, _option("Such as es_ES.UTF-8.")] = None,
    keyboard: Annotated[str | None, _option("Of the technician, such as es.")] = None,
    wifi: Annotated[str | None, _option("The network's name; none: the cable.")] = None,
    wifi_passphrase_file: Annotated[
        Path | None, _option(f"A file with it; or set {PASSPHRASE}.")
    ] = None,
    country: Annotated[str | None, _option("Whose radio rules hold, such as ES.")] = None,
    ntp: Annotated[
        list[str] | None, _option("A time server of the house; may be repeated.")
    ] = None,
    panel: Annotated[
        list[str] | None,
        _option("A USB panel's vendor[:product], as lsusb shows; may be repeated."),
    ] = None,
    screen: Annotated[str | None, _option("The touch screen's pixels, such as 1280x800.")] = None,
    ssh_key: Annotated[
        list[Path] | None, _option("Whose public key may log in; may be repeated.")
    ] = None,
) -> None:
    """Write every file that one terminal's card needs."""
    try:
        given = read_site(site) if site else {}
        options = {
            "device": device,
            "hub": hub,
            "hub_ca": _text("hub_ca", hub_ca or given.pop("hub_ca", None)),
            "enrolment": own_token(_text("enrolment", enrolment) or "", device),
            "screen": screen,
            "hostname": hostname,
            "timezone": timezone,
            "locale": locale,
            "keyboard": keyboard,
            "ntp": ntp,
            "panels": panel,
            "ssh_keys": [_text("ssh_keys", path) for path in ssh_key or ()],
        }
        given |= {name: value for name, value in options.items() if value}
        if network := _network(given.pop("wifi", {}), wifi, wifi_passphrase_file, country):
            given["wifi"] = network
        settings = checked(given)
        firmware = next(folder for folder in FIRMWARE if folder.is_dir())
        software = open_bundle(bundle, root) if bundle else None
        write_folder(out, device, card_files(settings, firmware, software))
    except ImageRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from refused
    typer.echo(
        f"{out} holds what {device} needs. Flash a card, then: wellheard image install {out} CARD"
    )


@app.command()
def install(
    folder: Annotated[Path, typer.Argument(help="What render wrote.")],
    card: Annotated[
        Path, typer.Argument(help="Where the flashed card's boot partition is mounted.")
    ],
) -> None:
    """Put a rendered folder onto a freshly flashed card."""
    try:
        typer.echo(install_on_card(folder, card))
    except ImageRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from refused


def _network(
    shared: Any, ssid: str | None, passphrase: Path | None, country: str | None
) -> dict[str, Any]:
    """The passphrase comes from a file or the environment: what is typed as an option is seen by everybody."""
    if not isinstance(shared, dict):
        raise ImageRefused("wifi: a table with ssid and passphrase is needed")
    if passphrase is not None and not passphrase.is_file():
        # It may be the passphrase itself that was typed here.
        raise ImageRefused(
            "wifi.passphrase: there is no such file; it is read from one, never typed"
        )
    word = _text("wifi.passphrase", passphrase) or os.environ.get(PASSPHRASE)
    options = {"ssid": ssid, "passphrase": word, "country": country}
    network = {**shared, **{name: value for name, value in options.items() if value}}
    return network if "ssid" in network else {}


def _text(field: str, path: Path | str | None) -> str | None:
    try:
        return None if path is None else Path(path).read_text("utf-8").strip("\r\n")
    except OSError as error:
        raise ImageRefused(f"{field}: {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ImageRefused(f"{field}: {path} is no text") from error
