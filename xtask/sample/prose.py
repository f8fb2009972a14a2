"""Words and numbers: amounts and dates as court documents write them, and choice without repetition."""
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_UPPER = "零壹贰叁肆伍陆柒捌玖"
_PLAIN = "〇一二三四五六七八九"


def date(iso: str) -> str:
    y, m, d = (int(x) for x in iso.split("-"))
    return f"{y}年{m}月{d}日"


def cn_date(iso: str) -> str:
    """二〇二三年十一月八日, as it stands under a judgment."""
    y, m, d = iso.split("-")
    return "".join(_PLAIN[int(c)] for c in y) + f"年{cn(int(m))}月{cn(int(d))}日"


def cn(n: int) -> str:
    """Chinese numerals up to 99."""
    tens, ones = divmod(n, 10)
    if not tens:
        return _PLAIN[ones]
    return ("" if tens == 1 else _PLAIN[tens]) + "十" + (_PLAIN[ones] if ones else "")


def yuan(n: int) -> str:
    return f"{n:,}元"


def wan(n: int) -> str:
    """38万元, 8.64万元: how people say amounts in court."""
    return f"{n / 10_000:.4f}".rstrip("0").rstrip(".") + "万元"


def upper(n: int) -> str:
    """Financial capitals: 3,800,000 -> 叁佰捌拾万元整."""
    def four(k: int, pad: bool) -> str:
        out, zero = "", False
        for unit, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
            digit, k = divmod(k, unit)
            if digit:
                out += ("零" if zero and (out or pad) else "") + _UPPER[digit] + name
                zero = False
            else:
                zero = True
        return out
    high, low = divmod(n, 10_000)
    text = four(high, False) + "万" if high else ""
    if low:
        text += ("零" if high and low < 1000 else "") + four(low, False).lstrip("零")
    return text + "元整"


class Deck:
    """Deals its items in random order and starts again only when all are dealt."""

    def __init__(self, rng: random.Random, items: Sequence[str]) -> None:
        self.rng, self.items, self.left = rng, list(items), []

    def deal(self) -> str:
        if not self.left:
            self.left = self.items[:]
            self.rng.shuffle(self.left)
        return self.left.pop()


class Teller:
    """Picks among phrasings, preferring those said least often, so that a long record does not echo."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.decks: dict[tuple[str, ...], Deck] = {}
        self.said: set[str] = set()

    def pick(self, *options: str) -> str:
        return self.decks.setdefault(options, Deck(self.rng, options)).deal()

    def fresh(self, *options: str) -> str:
        """A pick of something not said before in this document, where one is left."""
        for _ in options:
            text = self.pick(*options)
            if text not in self.said:
                break
        self.said.add(text)
        return text

    def choose(self, items: Sequence[T]) -> T:
        return self.rng.choice(items)
