"""The table of the fifteen, and a plot of accuracy against speed."""

COLUMNS = (
    ("landmark macro-F1", "landmarkMacroF1", "{:.3f}"),
    ("closed-vein F1", "closedF1", "{:.3f}"),
    ("*fully compresses* F1", "fullyCompressesF1", "{:.3f}"),
    ("falsely captured", "falselyCaptured", "{}"),
    ("refused", "refused", "{:.3f}"),
    ("parameters", "parameters", "{:,}"),
    ("bytes", "bytes", "{:,}"),
    ("frames/s", "framesPerSecond", "{:,}"),
)
COLOURS = {"two-networks": "#c2571a", "one-trunk": "#2f6db3", "conditioned": "#2e8b57"}
MARKS = {"single": "circle", "stack": "square", "convolution": "triangle", "recurrent": "diamond", "traces": "cross"}
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 760, 440, 70, 30, 170, 50


def score(row: dict) -> float:
    """Mean of the three F1 figures."""
    return (row["landmarkMacroF1"] + row["closedF1"] + row["fullyCompressesF1"]) / 3


def table(rows: list[dict]) -> str:
    head = "| configuration | " + " | ".join(title for title, _, _ in COLUMNS) + " | mean F1 |"
    lines = [head, "|---" * (len(COLUMNS) + 2) + "|"]
    for row in rows:
        cells = [form.format(row[key]) for _, key, form in COLUMNS]
        lines.append(f"| {row['name']} | " + " | ".join(cells) + f" | {score(row):.3f} |")
    return "\n".join(lines) + "\n"


def mark(shape: str, x: float, y: float, colour: str) -> str:
    paths = {
        "square": f"M{x - 5} {y - 5}h10v10h-10z",
        "triangle": f"M{x} {y - 6}l6 11h-12z",
        "diamond": f"M{x} {y - 7}l6 7l-6 7l-6 -7z",
        "cross": f"M{x - 6} {y - 2}h4v-4h4v4h4v4h-4v4h-4v-4h-4z",
    }
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="{colour}"/>'
    return f'<path d="{paths[shape]}" fill="{colour}"/>'


def plot(rows: list[dict]) -> str:
    """SVG: frames a second across, mean F1 up."""
    fastest = max(row["framesPerSecond"] for row in rows) * 1.1
    low = min(0.9, min(score(row) for row in rows) - 0.02)
    across = lambda value: LEFT + value / fastest * (WIDTH - LEFT - RIGHT)  # noqa: E731
    up = lambda value: HEIGHT - BOTTOM - (value - low) / (1 - low) * (HEIGHT - TOP - BOTTOM)  # noqa: E731
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        "<title>Fifteen configurations: accuracy against speed</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for i in range(6):
        value, speed = low + (1 - low) * i / 5, fastest * i / 5
        out.append(f'<path d="M{LEFT} {up(value):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{up(value) + 4:.1f}" text-anchor="end">{value:.2f}</text>')
        out.append(f'<text x="{across(speed):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{speed:.0f}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">frames a second, network alone</text>')
    out.append(f'<text x="14" y="18">mean of landmark, closed-vein and fully-compresses F1</text>')
    for row in rows:
        temporal, _, sharing = row["name"].partition("/")
        out.append(mark(MARKS[temporal], across(row["framesPerSecond"]), up(score(row)), COLOURS[sharing]))
    for i, (name, shape) in enumerate(MARKS.items()):
        out.append(mark(shape, WIDTH - RIGHT + 24, TOP + 20 + i * 22, "#666"))
        out.append(f'<text x="{WIDTH - RIGHT + 38}" y="{TOP + 24 + i * 22}">{name}</text>')
    for i, (name, colour) in enumerate(COLOURS.items()):
        out.append(f'<rect x="{WIDTH - RIGHT + 18}" y="{TOP + 140 + i * 22}" width="12" height="12" fill="{colour}"/>')
        out.append(f'<text x="{WIDTH - RIGHT + 38}" y="{TOP + 150 + i * 22}">{name}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"
