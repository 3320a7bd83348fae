#!/usr/bin/env python3
"""Every client fetches every scenario: prints the matrix, fails when a cell is red.

A cell is ok (what was signed arrived byte for byte, and the right bytes were saved, or OSS refused
where it has to), has the number of a limit of the client, which is documented and must be exactly
true, or is red.
"""
import argparse
import dataclasses
import pathlib
import random
import sys
import tempfile

import emulator
import picture
import programs
import report
from clients import CLIENTS, Limit
from oss_presign import CUSTOM_DOMAIN, Library
from scenarios import KEYS, LISTED, OBJECT, VERSIONED, scenarios


@dataclasses.dataclass(frozen=True)
class Cell:
    limit: Limit | None
    # What is not as it should be: with anything here the cell is red.
    wrong: list


@dataclasses.dataclass(frozen=True)
class World:
    """The loopback OSS with its objects, and the library that signs."""

    library: Library
    oss: emulator.Emulator
    contents: dict
    folder: pathlib.Path

    def presign(self, scenario):
        options = {"endpoint": self.oss.address, **emulator.KEY, **scenario.options}
        if options["endpoint"] == emulator.DOMAIN:
            options["endpoint"] += f":{self.oss.port}"
            options["addressing"] = CUSTOM_DOMAIN
        return self.library.presign(
            scenario.headers, bucket=emulator.BUCKET, key=scenario.key, **options
        )

    def cell(self, program, scenario):
        url, headers = self.presign(scenario)
        sent = {name: v for name, v in headers.items() if name not in scenario.left_out}
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        self.oss.take_requests()
        file = folder / (scenario.saved_as or "object.bin")
        saved, said = program.fetch(scenario.tampered(url), file, sent)
        limit = program.client.limits.get(scenario.name)
        refused = limit and limit.refused or scenario.refused
        wrong = list(self.sent(program.client, limit, refused, emulator.target(url)))
        if refused:
            wrong += refusal(program.client, scenario, folder, saved, said)
        elif not saved:
            wrong.append(f"failed: {said}")
        else:
            wrong += self.save(program.client, scenario, limit, saved)
        return Cell(limit, wrong)

    def sent(self, client, limit, refused, target):
        """What is wrong with what arrived, and how OSS took it."""
        expected = limit.alters(target) if limit and limit.alters else target
        if limit and limit.alters and expected == target:
            yield "the limit alters nothing"
        requests = self.oss.take_requests()
        # Our own downloader knows of some refusals beforehand.
        if not requests and not (client.ours and refused):
            yield "no request arrived"
        for request in requests:
            if request["target"] != expected:
                yield f"sent {request['target']} instead of {expected}"
            if (request["error_code"] or "") != refused:
                yield f"OSS answered {request['status']} {request['error_code']}"

    def save(self, client, scenario, limit, saved):
        """What is wrong with what was saved."""
        if saved.read_bytes() != self.contents[scenario.key]:
            yield "saved other bytes"
        name = scenario.saved_as
        if limit and limit.renames:
            name = limit.renames(name)
        # The other clients are told how to call it.
        if name and client.browser and saved.name != name:
            yield f"saved as {saved.name}"


def refusal(client, scenario, folder, saved, said):
    """What is wrong with how a client took a refusal."""
    if saved:
        yield "took a refusal for success"
    # Our part file, from which a next try goes on, is no target.
    left = [f.name for f in folder.iterdir() if not (client.ours and f.suffix == ".part")]
    if left:
        yield f"saved what was refused: {left}"
    if client.ours and scenario.we_say not in said:
        yield f"does not say {scenario.we_say}, but: {said}"


def broken(kind, clients, by_name):
    """Clients and a scenario whose cells must all turn red."""
    if kind == "header":
        # A client that has a limit here sends none anyway.
        sent = by_name["signed headers: sent"]
        clients = [client for client in clients if sent.name not in client.limits]
        return clients, dataclasses.replace(sent, left_out=(LISTED[0],))
    if kind == "key":
        tampered = dataclasses.replace(
            by_name["basic"], tampered=lambda url: url.replace("object.bin", "object.bim")
        )
        return clients, tampered
    # A limit that is not there.
    limits = {"basic": Limit("refused", refused="SignatureDoesNotMatch")}
    return [dataclasses.replace(client, limits=limits) for client in clients], by_name["basic"]


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--emulator", required=True)
    parser.add_argument("--library", required=True)
    parser.add_argument("--built", required=True, help="the folder with the clients")
    parser.add_argument("--client", help="only this one")
    parser.add_argument("--picture", help="write the matrix there, as SVG")
    parser.add_argument(
        "--break",
        dest="broken",
        choices=["header", "key", "limit"],
        help="leave out a header, change a byte of a key, or claim a limit that is not there",
    )
    return parser.parse_args()


def run(given, clients, world, columns):
    by_name = {scenario.name: scenario for scenario in columns}
    unknown = [name for client in clients for name in client.limits if name not in by_name]
    if unknown:
        raise ValueError(f"limits for scenarios that are not there: {unknown}")
    if given.broken:
        clients, scenario = broken(given.broken, clients, by_name)
        columns = [scenario]
    cells = []
    for client in clients:
        with programs.start(client, given.built) as program:
            cells.append([world.cell(program, scenario) for scenario in columns])
    print(*report.text(clients, columns, cells), sep="\n")
    if given.picture:
        picture.write(given.picture, clients, columns, cells)
    return report.red(cells)


def main():
    given = options()
    clients = [client for client in CLIENTS if given.client in (None, client.name)]
    noise = random.Random(20261124)
    contents = {key: noise.randbytes(70_001) for key in (OBJECT, VERSIONED, *KEYS.values())}
    with tempfile.TemporaryDirectory(prefix="oss-presign-clients-") as folder:
        folder = pathlib.Path(folder)
        with emulator.Emulator(given.emulator, contents, folder) as oss:
            old_version = oss.put(VERSIONED, contents[VERSIONED])
            oss.put(VERSIONED, b"newer")
            world = World(Library(given.library), oss, contents, folder)
            red = run(given, clients, world, scenarios(old_version))
    sys.exit(1 if red else 0)


if __name__ == "__main__":
    main()
