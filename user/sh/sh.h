/* SPDX-License-Identifier: MIT */
/*
 * The shell: a POSIX-like command language for Faultline and Linux.
 *
 *   text --input--> lex --tokens--> parse --tree--> exec --> builtin
 *                                                    |  \--> fork, execve
 *                                     word --expand--'
 *
 * A word keeps its raw text, quotes and all, until it is expanded: the lexer
 * only finds where it ends. So $(...) is parsed twice, once to find its end
 * and once, in a child, to run it.
 *
 * Memory: trees live in the arena of the text they came from (freed when it
 * has run, kept if it defined a function); results of expansion live on the
 * stack arena, given back after each command; variables are on the heap.
 */
#ifndef USER_SH_SH_H
#define USER_SH_SH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* --- memory: mem.c ---------------------------------------------------- */

struct chunk;

/* Memory that is given back all at once. Zeroed: empty. */
struct arena {
	struct chunk *last; /* the chunk that is being filled */
	bool keep; /* holds the body of a function */
};

struct arena_mark {
	struct chunk *chunk;
	size_t used;
};

extern struct arena stack_arena;

void *arena_alloc(struct arena *a, size_t size);
char *arena_copy(struct arena *a, const char *s, size_t len);
void arena_free(struct arena *a);
struct arena_mark stack_mark(void);
void stack_release(struct arena_mark mark);
void *stack_alloc(size_t size);
char *stack_copy(const char *s, size_t len);
void *xmalloc(size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);

/* A growing string on the heap. Zeroed: empty. */
struct str {
	char *s; /* always ends in NUL once something was added */
	size_t len, cap;
};

void str_add(struct str *b, char c);
void str_addn(struct str *b, const char *s, size_t n);
void str_adds(struct str *b, const char *s);
void str_free(struct str *b);

/* --- where text comes from: input.c ----------------------------------- */

struct source {
	char *buf; /* text read so far, from the command being parsed on */
	size_t len, pos, cap;
	int fd; /* -1: a string, everything is in buf */
	bool interactive; /* lines come from the line editor */
	bool eof;
	bool continued; /* in the middle of a command: prompt is PS2 */
	unsigned line; /* of pos, from 1 */
};

void source_string(struct source *src, const char *text);
void source_fd(struct source *src, int fd, bool interactive);
void source_free(struct source *src);
/* Forgets the text before pos. */
void source_discard(struct source *src);
/* The character at pos + AHEAD, reading on if need be; -1 at the end. */
int source_peek(struct source *src, size_t ahead);

/* --- words and trees: lex.c scan.c parse.c ---------------------------- */

struct word {
	struct word *next;
	char *text; /* raw */
};

enum redir_kind {
	REDIR_IN, /* <file */
	REDIR_OUT, /* >file */
	REDIR_CLOBBER, /* >|file */
	REDIR_APPEND, /* >>file */
	REDIR_RDWR, /* <>file */
	REDIR_DUP, /* <&n >&n, n may be - */
	REDIR_HERE, /* <<word, body in text */
};

struct redir {
	struct redir *next;
	enum redir_kind kind;
	int fd; /* the descriptor that is changed */
	char *text; /* raw word, or the body of a here-document */
	bool literal; /* here-document with a quoted delimiter */
};

enum node_kind {
	NODE_SIMPLE, /* assigns words redirs */
	NODE_PIPE, /* list: a, then next through b */
	NODE_AND, /* a && b */
	NODE_OR, /* a || b */
	NODE_SEQ, /* a ; b */
	NODE_BACKGROUND, /* a & */
	NODE_NOT, /* ! a */
	NODE_SUBSHELL, /* ( a ) */
	NODE_GROUP, /* { a } */
	NODE_IF, /* if a then b else c */
	NODE_WHILE, /* while a do b */
	NODE_UNTIL, /* until a do b */
	NODE_FOR, /* for name in words do b */
	NODE_CASE, /* case words in items */
	NODE_FUNCTION, /* name () a */
};

struct case_item {
	struct case_item *next;
	struct word *patterns;
	struct node *body; /* NULL: nothing to do */
};

struct node {
	enum node_kind kind;
	unsigned line;
	struct node *a, *b, *c;
	struct word *assigns, *words;
	struct redir *redirs; /* of a simple or a compound command */
	char *name; /* for: variable; function: its name */
	bool all_args; /* for without "in" */
	struct case_item *items;
	struct arena *arena; /* function: the arena its body lives in */
};

enum token {
	TOK_EOF,
	TOK_NEWLINE,
	TOK_WORD,
	TOK_IONUMBER, /* digits right before < or > */
	TOK_AND_IF, /* && */
	TOK_OR_IF, /* || */
	TOK_DSEMI, /* ;; */
	TOK_PIPE,
	TOK_AMP,
	TOK_SEMI,
	TOK_LPAREN,
	TOK_RPAREN,
	TOK_LESS, /* the redirections, in this order: kind_of_token() */
	TOK_GREAT,
	TOK_CLOBBER,
	TOK_DGREAT,
	TOK_LESSGREAT,
	TOK_LESSAND,
	TOK_GREATAND,
	TOK_DLESS,
	TOK_DLESSDASH,
};

struct here {
	struct here *next;
	struct redir *redir;
	char *delimiter; /* without quotes */
	bool strip; /* <<- */
};

struct parser {
	struct source *src;
	struct arena *arena;
	enum token tok; /* the current token */
	char *text; /* TOK_WORD, TOK_IONUMBER: raw */
	bool in_double; /* inside "": ' is an ordinary character in ${ } */
	struct here *heres, **here_tail; /* bodies still to be read */
	const char *error; /* first error: what was wrong, or expected */
	const char *near; /* the token it was found at; NULL: error says all */
};

/* lex.c */
void parser_init(struct parser *p, struct source *src, struct arena *arena);
void next_token(struct parser *p);
void parse_error(struct parser *p, const char *expected);
const char *token_name(const struct parser *p);

/* scan.c: skips the part of a word (quotes, $ form, `) that begins at the
 * source's position; false, with p->error set, when it does not end. */
bool scan_word_part(struct parser *p);
int next_char(struct parser *p);
bool is_name_start(int c);
bool is_name_char(int c);
size_t name_length(const char *s);
/* End of the part of S that starts at S[I] (a quote, $ or `), exclusive;
 * 0 after fail(): it has none, which only happens in here-documents. */
size_t part_end(const char *s, size_t i, bool in_double);

/* parse.c */
struct node *parse_command(struct parser *p); /* NULL: end, or p->error */
struct node *parse_list(struct parser *p);
struct node *new_node(struct parser *p, enum node_kind kind);
struct word *new_word(struct parser *p, char *text);
struct redir *parse_redirs(struct parser *p);
bool at_word(const struct parser *p, const char *word);
void skip_newlines(struct parser *p);
bool expect_word(struct parser *p, const char *word);

/* parse_compound.c: NULL with no error: not the start of one. */
struct node *parse_compound(struct parser *p);

/* --- expansion: expand.c param.c field.c arith.c ---------------------- */

/* What is known about each character of an expanded word. */
enum xflag {
	X_LITERAL, /* written in the script: a pattern, never split */
	X_QUOTED, /* neither a pattern nor split */
	X_RESULT, /* of an unquoted expansion: a pattern, and split */
	X_EMPTY, /* no character: "" stood here, so there is a field */
	X_BREAK, /* no character: a field ends here ("$@") */
};

struct xbuf {
	struct str text;
	struct str flags; /* enum xflag of each character of text */
	bool quoted; /* inside double quotes, or in a here-document */
	bool here; /* in a here-document: " is an ordinary character */
	bool fields; /* the result is split: $@ makes fields */
	bool result; /* inside ${x:-...}: unquoted text is split */
	bool nothing; /* "$@" stood here and had nothing to give */
};

void xbuf_add(struct xbuf *x, char c, enum xflag flag);
void xbuf_free(struct xbuf *x);
enum xflag xbuf_flag(const struct xbuf *x);
/* The value of an expansion, quoted or not as X says. */
void xbuf_result(struct xbuf *x, const char *s);

/* Results live on the stack arena. argv has one NULL behind it. */
char **expand_words(const struct word *words, int *argc);
char *expand_string(const char *raw);
char *expand_pattern(const char *raw); /* for fnmatch() */
char *expand_here(const char *body);
char *expand_prompt(const char *raw);
void expand_into(struct xbuf *x, const char *raw, size_t len);
/* Each expands the part of RAW that begins at I; where the next begins. */
size_t expand_param(struct xbuf *x, const char *raw, size_t i);
size_t expand_paren(struct xbuf *x, const char *raw, size_t i);
size_t expand_back(struct xbuf *x, const char *raw, size_t i);
char *remove_quotes(struct arena *a, const char *raw, bool *had_quotes);

struct fields {
	char **list;
	int count, cap;
};

void fields_add(struct fields *f, char *s);
void fields_split(struct fields *f, const struct xbuf *x);
char *xbuf_string(const struct xbuf *x);
char *xbuf_pattern(const struct xbuf *x);
/* glob.c: adds the files that match, sorted; false: none. */
bool glob_fields(struct fields *f, const char *pattern);

long long arith_eval(const char *text); /* exits the command on error */

/* --- variables: vars.c ------------------------------------------------ */

enum var_flags {
	VAR_EXPORT = 1,
	VAR_READONLY = 2,
};

struct var {
	struct var *next;
	char *name;
	char *value; /* NULL: exported, or local, but not set */
	unsigned flags;
};

struct args {
	char **list; /* $1 ... */
	int count;
	bool owned; /* strings and list are on the heap */
};

extern struct args positional;

void vars_init(char **envp);
struct var *var_find(const char *name);
const char *var_get(const char *name); /* NULL: unset */
bool var_set(const char *name, const char *value); /* false: read only */
bool var_set_flags(const char *name, const char *value, unsigned flags);
bool var_unset(const char *name);
struct var *var_next(const struct var *v); /* in order of name; NULL: first */
char **vars_environ(void); /* on the stack arena */
/* Remembers NAME as it is now; vars_restore() brings back all since MARK. */
size_t vars_mark(void);
void vars_save(const char *name);
void vars_restore(size_t mark);
void set_positional(char **list, int count);
/* Splits NAME=VALUE; the length of NAME, or 0 if it is no assignment. */
size_t assignment_name(const char *s);

/* --- running: text.c exec.c pipeline.c simple.c redir.c --------------- */

enum flow {
	FLOW_NONE,
	FLOW_BREAK,
	FLOW_CONTINUE,
	FLOW_RETURN,
	FLOW_ABORT, /* back to the prompt: error or ^C */
};

struct shell {
	const char *name; /* $0 */
	char *exe; /* to run scripts by: path of this program */
	int status; /* $? */
	int subst_status; /* of the last $( ) of this command; -1: none */
	pid_t pid; /* $$: of the main shell */
	pid_t last_bg; /* $!, 0: none */
	bool interactive;
	bool subshell; /* a child of the main shell */
	bool errexit, xtrace, noglob, nounset, noexec,
		verbose; /* set -efnuvx */
	int no_errexit; /* depth of conditions, where -e does not end it */
	int loops; /* depth of loops */
	int calls; /* depth of functions and . files */
	enum flow flow; /* what is being left */
	int flow_count; /* levels of break or continue still to leave */
	unsigned line; /* of the command that runs */
};

extern struct shell sh;

void run_node(struct node *n);
/* LAST: nothing is left to do behind N in this process. */
void run_tree(struct node *n, bool last);
/* Runs N and does not return: for children. */
void run_node_exit(struct node *n) __attribute__((noreturn));
void run_pipe(struct node *n);
void run_subshell(struct node *n);
void run_background(struct node *n);
void run_text(const char *text, bool last);
int run_file(const char *path); /* . */
void run_source(struct source *src, bool last);
void run_simple(struct node *n, bool last);
void exec_program(int argc, char **argv) __attribute__((noreturn));
void shell_exit(int status) __attribute__((noreturn));
/* Says what is wrong; the command, or a script, ends with STATUS. */
void fail(int status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

struct function {
	struct function *next;
	char *name;
	struct node *body;
};

void function_define(struct node *n);
struct function *function_find(const char *name);
bool function_remove(const char *name);

/* Searches PATH. Result on the stack arena; NULL: not found. */
char *find_program(const char *name);

/* A list of descriptors to be put back. Zeroed: empty. */
struct saved_fds {
	int count;
	struct {
		int fd, copy; /* copy -1: was closed */
	} list[16];
};

/* Returns false, with a message, when one failed. SAVE NULL: for good. */
bool redirect(const struct redir *r, struct saved_fds *save);
void redirect_restore(struct saved_fds *save);
int fd_move_high(int fd); /* out of the way of 0..9, close on exec */

/* --- children: jobs.c trap.c ------------------------------------------ */

struct job {
	struct job *next;
	int number; /* as in %1 */
	pid_t pgrp; /* 0: no group of its own */
	pid_t *pids; /* a pipeline's; 0: has ended */
	pid_t last; /* whose status is the job's */
	int npids, alive;
	int status; /* wait status of the last */
	bool stopped;
	bool background;
	bool known; /* a change was reported */
	char *text; /* for jobs */
};

void jobs_init(void); /* interactive: takes the terminal */
void jobs_forget(void); /* in a child */
struct job *job_new(const struct node *n, bool background);
/* Forks a member of JOB. 0 in the child, which is set up; -1 said why. */
pid_t job_fork(struct job *job);
/* Waits for a foreground job, frees it; its exit status. */
int job_wait(struct job *job);
struct job *job_find(const char *spec); /* %N %% PID; NULL: none */
struct job *jobs_list(void);
void job_free(struct job *job);
void job_continue(struct job *job, bool foreground);
void jobs_report(bool all); /* what changed; ALL: every job */
int jobs_reap(bool block); /* < 0: no children, or interrupted */
int exit_status(int wait_status);
const char *node_text(const struct node *n);

/* trap.c */
void trap_init(void);
void trap_child(void); /* default actions again, in a child */
void trap_run_pending(void);
void trap_run_exit(void);
bool trap_is_pending(void);
bool trap_any(void); /* some trap would have to run later */
int trap_last_signal(void); /* that interrupted wait; 0: none */
void set_interrupt(void);
bool take_interrupt(void); /* ^C since last asked: a new line, true */
const char *signal_name(int sig);
int signal_number(const char *name); /* -1: no such */
int do_trap(int argc, char **argv);

/* --- built-ins: builtin*.c help.c ------------------------------------- */

struct builtin {
	const char *name;
	int (*run)(int argc, char **argv);
	bool special; /* assignments before it stay */
};

const struct builtin *builtin_find(const char *name);
const struct builtin *builtin_at(size_t i); /* NULL: past the last */

int do_set(int argc, char **argv);
int do_shift(int argc, char **argv);
int do_export(int argc, char **argv);
int do_readonly(int argc, char **argv);
int do_unset(int argc, char **argv);
int do_local(int argc, char **argv);
int do_read(int argc, char **argv);
int do_getopts(int argc, char **argv);
int do_umask(int argc, char **argv);
int do_ulimit(int argc, char **argv);
int do_times(int argc, char **argv);
int do_wait(int argc, char **argv);
int do_jobs(int argc, char **argv);
int do_fg(int argc, char **argv);
int do_bg(int argc, char **argv);
int do_kill(int argc, char **argv);
int do_help(int argc, char **argv);
int do_history(int argc, char **argv);

/* Tools of the box that are linked in. */
int test_main(int argc, char **argv);
int echo_main(int argc, char **argv);
int printf_main(int argc, char **argv);
int kill_main(int argc, char **argv);

/* --- the terminal: edit.c keys.c complete.c history.c ----------------- */

#define CTRL(c) ((c)&31)

enum key {
	KEY_UP = 256,
	KEY_DOWN,
	KEY_LEFT,
	KEY_RIGHT,
	KEY_HOME,
	KEY_END,
	KEY_DELETE,
	KEY_NONE, /* a sequence nobody knows */
	KEY_EOF, /* the terminal is gone */
};

int read_byte(void);
int read_key(void);
/* A line without its newline, on the heap; NULL: end of input. */
char *edit_line(const char *prompt);
void history_add(const char *line);
const char *history_get(int back); /* 1: the last; NULL: none */
int history_count(void);

/* What the word before the cursor may become. */
struct completion {
	struct fields found; /* sorted, on the stack arena */
	size_t start; /* where the word begins */
	char *common; /* longest common beginning */
};
void complete(struct completion *c, const char *line, size_t cursor);

#endif
