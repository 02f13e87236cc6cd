"""What a learner sees in a notebook. Rules are in Python, pixels in JavaScript.

Every widget has an HTML and a plain text form, so that a notebook reads the same
after the kernel has gone, in nbconvert and in a terminal.
"""
