"""`wellheard release`: keys, building, signing, publishing and verifying, each a step that can be done elsewhere."""

import shutil
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from tuf.api.metadata import Root

from contract.releases import Release
from wellheard.release import building, signing
from wellheard.release.authority import establish, exchange, renew
from wellheard.release.failures import FAILURES, sentence
from wellheard.release.keys import KEYS, KeyUnusable, make_key, read_key
from wellheard.release.publishing import (
    publish_to_folder,
    publish_to_hub,
    utc_now,
    write_stick,
)
from wellheard.release.repository import metadata_file
from wellheard.release.verifying import verify as verify_repository

app = typer.Typer(help="Releases for terminals: keys, building, signing, publishing, verifying.")


class Role(StrEnum):
    """What is signed off line."""

    ROOT = "root"
    TARGETS = "targets"
    CANARY = "canary"
    STABLE = "stable"


class Channel(StrEnum):
    """As in `contract.releases`."""

    CANARY = "canary"
    STABLE = "stable"


Repository = Annotated[Path, typer.Option("--repository", help="Signed metadata and files.")]
Keys = Annotated[list[Path], typer.Option("--key", exists=True, help="A private key's PEM file.")]
Passphrase = Annotated[
    str | None,
    typer.Option(
        envvar="WELLHEARD_RELEASE_PASSPHRASE",
        help="Of the offline keys' files; better given by the environment.",
    ),
]


@app.command()
def keygen(
    folder: Annotated[
        Path, typer.Argument(help="Where the keys go, each to be moved to its place.")
    ],
    repository: Repository,
    *,
    replace: Annotated[
        str | None, typer.Option(help=f"Exchange one key: {', '.join(KEYS)}.")
    ] = None,
    key: Keys = [],  # noqa: B006 - typer reads it
    passphrase: Passphrase = None,
) -> None:
    """All keys and a repository's first metadata; or one key in the place of another."""
    now = utc_now()
    if replace is None:
        keys = {name: make_key(folder, name, passphrase) for name in KEYS}
        establish(repository, keys, now)
        typer.echo(f"Terminals begin to trust at {metadata_file(repository, Root.type, 1)}.")
        typer.echo("Keep root-1, root-2 and root-3 off line and apart; any two of them suffice.")
        return
    if replace not in KEYS:
        raise typer.BadParameter(f"one of {', '.join(KEYS)}", param_hint="--replace")
    signers = [read_key(path, passphrase) for path in key]
    version = exchange(repository, replace, make_key(folder, replace, passphrase), signers, now)
    typer.echo(f"'{replace}' is exchanged by version {version}. Publish it.")


@app.command()
def build(
    version: Annotated[str, typer.Argument(help="The release's version.")],
    out: Annotated[Path, typer.Option(help="A folder that does not exist yet.")],
    *,
    wheels: Annotated[
        list[Path], typer.Option(exists=True, help="A wheel, or a folder of wheels.")
    ] = [],  # noqa: B006
    project: Annotated[
        Path | None, typer.Option(exists=True, help="Sources of which a wheel is built, too.")
    ] = None,
    hardware: Annotated[list[str], typer.Option(help="Kinds of terminals that it runs on.")] = [  # noqa: B006
        "aarch64"
    ],
    minimum_agent: Annotated[str, typer.Option(help="The oldest agent that may install it.")] = "0",
    security_floor: Annotated[str, typer.Option(help="Nothing older may follow it.")] = "0",
    python: Annotated[str, typer.Option(help="The terminals' Python.")] = "3.11",
    platform: Annotated[
        str, typer.Option(help="The terminals' platform, as uv names it.")
    ] = "aarch64-manylinux_2_28",
) -> None:
    """A lock file that names wheels by hash, the words to be signed, and the wheels."""
    found = [
        one
        for given in wheels
        for one in (sorted(given.glob("*.whl")) if given.is_dir() else [given])
    ]
    out.mkdir(parents=True)
    try:
        if project is not None:
            found.append(building.own_wheel(project, out / "own"))
        if not found:
            raise building.NotBuilt("no wheels: give them by --wheels or --project")
        release = Release(
            version=version,
            built_ms=0,
            hardware=hardware,
            minimum_agent=minimum_agent,
            security_floor=security_floor,
            wheels={path.name: "0" * 64 for path in found},
        )
        building.build(out, found, release, python, platform)
    except FAILURES:
        shutil.rmtree(out)  # so that it can be tried again
        raise
    typer.echo(f"{version}: {len(found)} wheels in {out}. Sign it for a channel.")


@app.command()
def sign(
    repository: Repository,
    key: Keys,
    *,
    release: Annotated[Path | None, typer.Option(exists=True, help="A built release.")] = None,
    withdraw: Annotated[str | None, typer.Option(help="Take this version out instead.")] = None,
    role: Annotated[
        Role | None, typer.Option("--renew", help="Sign this role again, as it is: it expires.")
    ] = None,
    channel: Annotated[Channel, typer.Option()] = Channel.CANARY,
    passphrase: Passphrase = None,
) -> None:
    """Add a release to a channel, take one out, or make a role's signature good for longer."""
    signers = [read_key(path, passphrase) for path in key]
    now = utc_now()
    if role is not None:
        typer.echo(f"{role.value}: version {renew(repository, role.value, signers, now)}.")
    elif withdraw is not None:
        signing.withdraw(repository, withdraw, channel.value, signers[0], now)
        typer.echo(f"{withdraw} is no longer in {channel.value}.")
    elif release is not None:
        signed = signing.sign(repository, release, channel.value, signers[0], now)
        typer.echo(f"{signed.version} is signed for {channel.value}. Publish it.")
    else:
        raise typer.BadParameter("--release, --withdraw or --renew")


@app.command()
def publish(
    repository: Repository,
    *,
    hub: Annotated[str | None, typer.Option(help="The hub's address.")] = None,
    token: Annotated[
        str | None, typer.Option(envvar="WELLHEARD_TOKEN", help="An API token of the hub.")
    ] = None,
    folder: Annotated[Path | None, typer.Option(help="A folder that is served.")] = None,
    key: Keys = [],  # noqa: B006
    stick: Annotated[
        Path | None, typer.Option(help="The folder 'wellheard' of a USB stick, for one release.")
    ] = None,
    channel: Annotated[Channel, typer.Option()] = Channel.STABLE,
    release: Annotated[str | None, typer.Option(help="The release for the stick.")] = None,
) -> None:
    """To a hub; into a folder, with the keys of snapshot and timestamp; or one release on a stick."""
    if hub is not None and token:
        keys = {path.stem: read_key(path) for path in key}
        sent = publish_to_hub(repository, hub, token, keys)
        typer.echo(f"{len(sent)} files were new to the hub.")
    elif folder is not None:
        keys = {path.stem: read_key(path) for path in key}
        _need(keys, "snapshot", "timestamp")
        publish_to_folder(repository, folder, keys, utc_now())
        typer.echo(f"Published in {folder}.")
    elif stick is not None and release is not None:
        write_stick(repository, stick, channel.value, release)
        typer.echo(f"{release} is in {stick}.")
    else:
        raise typer.BadParameter("--hub with --token, --folder, or --stick with --release")


@app.command()
def verify(
    repository: Repository,
    root: Annotated[Path, typer.Option(exists=True, help="Where terminals begin to trust.")],
    channel: Annotated[Channel, typer.Option()] = Channel.STABLE,
) -> None:
    """Read a published repository as a terminal does, every wheel of it."""
    releases = verify_repository(repository, root.read_bytes(), channel.value, utc_now())
    if not releases:
        typer.echo(f"The signatures hold. There is no release in {channel.value} yet.")
    for release in releases:
        fits = ", ".join(release.hardware)
        typer.echo(
            f"{release.version}: {len(release.wheels)} wheels for {fits}, from agent {release.minimum_agent},"
            f" nothing below {release.security_floor} after it"
        )


def _need(keys: Mapping[str, object], *names: str) -> None:
    for name in names:
        if name not in keys:
            raise KeyUnusable(f"--key {name}.pem is needed")


def main(arguments: Sequence[str]) -> None:
    """The command line, with failures as sentences."""
    try:
        app(args=arguments, prog_name="wellheard release")
    except FAILURES as failure:
        typer.echo(sentence(failure), err=True)
        raise SystemExit(1) from failure
