#ifndef EMBEDDED_MODELS_H
#define EMBEDDED_MODELS_H

/// Bytes of a file that is a part of the program; they live as long as it does.
struct embedded_file {
  const void *_Nonnull bytes;
  unsigned long count;
};

struct embedded_file king_james_target_configuration(void);
struct embedded_file king_james_target_weights(void);
struct embedded_file king_james_draft_configuration(void);
struct embedded_file king_james_draft_weights(void);

#endif
