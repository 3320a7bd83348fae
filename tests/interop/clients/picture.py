"""The matrix as a picture."""
import xml.etree.ElementTree as xml

import report

LABELS, CELL, TITLES, LINE = 230, 30, 190, 22
# Text and background, for light and dark pages alike.
OK, HARMLESS, LIMIT, RED = ("#116329", "#dafbe1"), ("#7d4e00", "#fff8c5"), ("#953800", "#ffd8b5"), ("#ffffff", "#cf222e")


def look(cell, numbers):
    """The sign of a cell, and its colours."""
    if cell.wrong:
        return "✗", RED
    if not cell.limit:
        return "✓", OK
    return str(numbers[cell.limit.why]), LIMIT if cell.limit.refused else HARMLESS


class Drawing:
    def __init__(self, width, height):
        self.svg = xml.Element(
            "svg",
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width} {height}",
            width=str(width),
            height=str(height),
            attrib={"font-family": "Verdana, 'DejaVu Sans', sans-serif", "font-size": "13"},
        )
        self.box(0, 0, width, height, "#ffffff")

    def box(self, x, y, width, height, fill):
        place = {"x": x, "y": y, "width": width, "height": height, "fill": fill}
        xml.SubElement(self.svg, "rect", {name: str(value) for name, value in place.items()})

    def text(self, x, y, words, **style):
        place = {"x": x, "y": y, "fill": "#1f2328", **style}
        attributes = {name.replace("_", "-"): str(value) for name, value in place.items()}
        xml.SubElement(self.svg, "text", attributes).text = words


def write(path, clients, columns, cells):
    numbers = report.notes(cells)
    signs = [
        (OK, "✓", "works, or refused as it must be"),
        *((LIMIT, str(n), why) for why, n in numbers.items()),
    ]
    looks = {look(cell, numbers)[0]: look(cell, numbers)[1] for row in cells for cell in row}
    width = LABELS + CELL * len(columns) + 110
    bottom = TITLES + CELL * len(clients) + 30
    drawing = Drawing(width, bottom + LINE * len(signs))
    for number, scenario in enumerate(columns):
        x, y = LABELS + CELL * number + 20, TITLES - 10
        drawing.text(x, y, scenario.name, transform=f"rotate(-55 {x} {y})")
    for line, (client, row) in enumerate(zip(clients, cells)):
        y = TITLES + CELL * line
        weight = "bold" if client.ours else "normal"
        drawing.text(LABELS - 10, y + 20, client.name, text_anchor="end", font_weight=weight)
        for number, cell in enumerate(row):
            sign, (ink, paper) = look(cell, numbers)
            x = LABELS + CELL * number
            drawing.box(x + 1, y + 1, CELL - 2, CELL - 2, paper)
            drawing.text(x + CELL / 2, y + 20, sign, text_anchor="middle", fill=ink)
    for line, (colours, sign, meaning) in enumerate(signs):
        ink, paper = looks.get(sign, colours)
        y = bottom + LINE * line
        drawing.box(20, y - 15, 20, 20, paper)
        drawing.text(30, y, sign, text_anchor="middle", fill=ink)
        drawing.text(50, y, meaning)
    xml.indent(drawing.svg)
    xml.ElementTree(drawing.svg).write(path, encoding="utf-8", xml_declaration=False)
