"""Owns how spoken numbers add up: what was said since the last scale, and the chunks each scale closed."""

from decimal import Decimal

LARGEST = Decimal(10) ** 30  # what DECIMAL(38, 6) holds with room to spare


class Sum:
    """A number being spoken: "three million | four hundred thousand | and six"."""

    def __init__(self, opening: Decimal | None) -> None:
        self.open = opening
        self.chunks: list[Decimal] = []
        self.scale = Decimal(1)

    def takes(self, value: Decimal) -> bool:
        """Return whether a cardinal may follow what was said."""
        if self.open is None:
            return not self.chunks or value < self.scale
        if self.open != int(self.open) or self.open <= 0:
            return False
        if value < 10:
            return self.open % 10 == 0 and self.open % 100 != 10
        return self.open % 100 == 0 if value < 100 else self.open % 1000 == 0

    def add(self, value: Decimal) -> None:
        """Add a cardinal."""
        self.open = (self.open or Decimal(0)) + value

    def multiply(self, scale: Decimal) -> bool:
        """Close what was said with a scale; False when the scale cannot follow."""
        if scale < 1000:
            if self.open is None or (self.open >= 100 and self.open % 100 == 0):
                return False
            self.open *= scale
            self.scale = scale
            return True
        smaller = Decimal(0)
        while self.chunks and self.chunks[-1] < scale:
            smaller += self.chunks.pop()
        said = smaller + (self.open or 0)
        if not said or said * scale >= LARGEST:
            self.chunks += [smaller] if smaller else []
            return False
        self.chunks.append(said * scale)
        self.open = None
        self.scale = scale
        return True

    def add_half(self) -> None:
        """Add "and a half": of the last scale, or of one."""
        if self.open is None and self.chunks:
            self.chunks[-1] += self.scale / 2
        else:
            self.open = (self.open or Decimal(0)) + Decimal("0.5")

    @property
    def value(self) -> Decimal:
        """Return what was said so far."""
        return sum(self.chunks, self.open or Decimal(0))
