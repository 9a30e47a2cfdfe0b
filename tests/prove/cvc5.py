# Reads commands of SMT-LIB from standard input one by one, and answers each as soon as it is whole.
import os
import sys

import cvc5

terms = cvc5.TermManager()
solver = cvc5.Solver(terms)
for argument in sys.argv[1:]:
    if argument.startswith("--tlimit="):
        solver.setOption("tlimit", argument.split("=", 1)[1])
symbols = cvc5.SymbolManager(terms)
parser = cvc5.InputParser(solver, symbols)
parser.setIncrementalStringInput(cvc5.InputLanguage.SMT_LIB_2_6, "standard input")


def invoke(text):
    try:
        parser.appendIncrementalStringInput(text + "\n")
        command = parser.nextCommand()
        said = "" if command.isNull() else str(command.invoke(solver, symbols))
    except Exception as error:
        said = '(error "{}")\n'.format(str(error).replace('"', "'"))
    sys.stdout.write(said)
    sys.stdout.flush()


# Where a command ends: parentheses outside of strings, quoted symbols and comments.
ENDS = {'"': '"', "|": "|", ";": "\n"}
command, depth, within = bytearray(), 0, None
while chunk := os.read(0, 1 << 16):
    for byte in chunk:
        command.append(byte)
        sign = chr(byte)
        if within:
            within = None if sign == within else within
        elif sign in ENDS:
            within = ENDS[sign]
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
            if depth == 0:
                text = command.decode()
                command.clear()
                if text.strip().startswith("(exit"):
                    sys.exit(0)
                invoke(text)
