"""Link rot: whether what entries point to is still there, and still is what it was.

A check is a conversation: it yields fetches, is sent answers, and returns a judgement. What a
judgement means, given those of earlier days, is the verdict.
"""
