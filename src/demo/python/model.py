"""The scripted model of the demo, in the words of src/demo/api/model.ts."""

PACE = 0.005


def answer_parts(prompt):
    return [
        f"You said: {prompt[:500]}. ",
        "I am ",
        "a scrip",
        "ted model – ",
        "the same ques",
        "tion gets ",
        "the same answer, ",
        "part by part, ",
        "café ☕ and ",
        "naïve 🚀 ",
        "included",
        ".",
    ]
