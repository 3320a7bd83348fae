#ifndef TASK_H
#define TASK_H

#include <oss_presign.h>

/* Prints what was signed, and downloads by it where the arguments say: PATH [HOST:PORT CA_FILE], of
 * which the last two are for an OSS on loopback. Frees the URL. Returns the exit status. */
int finish(oss_result *url, int argc, char **argv);

#endif
