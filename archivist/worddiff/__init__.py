"""The difference of two texts in words, as an editor would mark it. Pure functions.

Paragraphs that stay are the first anchors; where half of the words stay between two of them, words
are compared at once. In what is left, sentences that stand in both texts are the anchors; between
two anchors the sentences that are most alike are paired, and words compared within a pair. The rest
is deleted or inserted as a whole, unless it stands elsewhere in the other text: then it has moved.

The parts of a `Comparison` are exact: without what is inserted they are the one text, without what
is deleted the other, to the last blank. Time grows with the length of the texts, whatever they
hold: each step looks at a bounded number of candidates.
"""

from archivist.worddiff.comparing import compare
from archivist.worddiff.comparison import Comparison, Hunk, Op
from archivist.worddiff.sentences import sentences
from archivist.worddiff.tracing import alike, trace

__all__ = ["Comparison", "Hunk", "Op", "alike", "compare", "sentences", "trace"]
