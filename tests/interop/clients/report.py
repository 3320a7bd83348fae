"""The matrix as text."""
import string


def notes(cells):
    """The limits that the matrix has, numbered: {why: number}."""
    limits = [cell.limit.why for row in cells for cell in row if cell.limit]
    return {why: number for number, why in enumerate(dict.fromkeys(limits), 1)}


def red(cells):
    return sum(bool(cell.wrong) for row in cells for cell in row)


def text(clients, columns, cells):
    numbers = notes(cells)
    letters = string.ascii_lowercase[: len(columns)]
    width = max(len(client.name) for client in clients)
    yield " " * width + "".join(f"{letter:>4}" for letter in letters)
    for client, row in zip(clients, cells):
        marks = ["RED" if c.wrong else str(numbers[c.limit.why]) if c.limit else "ok" for c in row]
        yield client.name.ljust(width) + "".join(f"{mark:>4}" for mark in marks)
    yield from (f"  {letter}  {scenario.name}" for letter, scenario in zip(letters, columns))
    yield from (f"  {number}  {why}" for why, number in numbers.items())
    for client, row in zip(clients, cells):
        for scenario, cell in zip(columns, row):
            yield from (f"RED {client.name}, {scenario.name}: {what}" for what in cell.wrong)
    flat = [cell for row in cells for cell in row]
    limited = sum(bool(cell.limit) and not cell.wrong for cell in flat)
    good = len(flat) - limited - red(cells)
    yield f"clients: {good} ok, {limited} documented limits, {red(cells)} red"
