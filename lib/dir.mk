SRCS += lib/string.c	# + memory and strings, C's
SRCS += lib/div64.c	# + 64-bit division by 32
SRCS += lib/printf.c	# + text from a format
SRCS += lib/bitmap.c	# + arrays of single bits
SRCS += lib/parse.c	# + numbers written as text
SRCS += lib/words.c	# + text cut into words
