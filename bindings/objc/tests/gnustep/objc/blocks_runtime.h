// GNUstep's headers include this where the compiler knows blocks; no Debian package has it.
#ifndef BLOCKS_RUNTIME_H
#define BLOCKS_RUNTIME_H

void *_Block_copy(const void *block);
void _Block_release(const void *block);

#define Block_copy(block) ((__typeof__(block))_Block_copy((const void *)(block)))
#define Block_release(block) _Block_release((const void *)(block))

#endif
