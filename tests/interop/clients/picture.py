"""The matrix as a picture."""
import xml.etree.ElementTree as xml

import report

LABELS, CELL, TITLES, LINE = 230, 30, 240, 22
# Ink and paper.
OK, RED = ("#116329", "#dafbe1"), ("#ffffff", "#cf222e")
HARMLESS, LIMIT = ("#7d4e00", "#fff8c5"), ("#953800", "#ffd8b5")


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

    def sign(self, x, y, sign, colours, size=CELL):
        ink, paper = colours
        self.box(x + 1, y + 1, size - 2, size - 2, paper)
        self.text(x + size / 2, y + size / 2 + 5, sign, text_anchor="middle", fill=ink)


def write(path, clients, columns, cells):
    numbers = report.notes(cells)
    legend = {"✓": (OK, "works, or is refused as it must be")}
    for cell in (cell for row in cells for cell in row if cell.limit or cell.wrong):
        sign, colours = look(cell, numbers)
        legend[sign] = colours, "wrong" if cell.wrong else cell.limit.why
    bottom = TITLES + CELL * len(clients) + 30
    drawing = Drawing(LABELS + CELL * len(columns) + 130, bottom + LINE * len(legend))
    for number, scenario in enumerate(columns):
        x, y = LABELS + CELL * number + 20, TITLES - 10
        drawing.text(x, y, scenario.name, transform=f"rotate(-60 {x} {y})")
    for line, (client, row) in enumerate(zip(clients, cells)):
        y = TITLES + CELL * line
        weight = "bold" if client.ours else "normal"
        drawing.text(LABELS - 10, y + 20, client.name, text_anchor="end", font_weight=weight)
        for number, cell in enumerate(row):
            drawing.sign(LABELS + CELL * number, y, *look(cell, numbers))
    for line, (sign, (colours, meaning)) in enumerate(legend.items()):
        y = bottom + LINE * line
        drawing.sign(15, y - 20, sign, colours, size=LINE)
        drawing.text(50, y - 5, meaning)
    xml.indent(drawing.svg)
    xml.ElementTree(drawing.svg).write(path, encoding="utf-8")
