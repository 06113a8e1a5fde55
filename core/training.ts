/** Images with masks that `finetune` needs: fewer teach nothing and measure nothing. */
export const minTrainingImages = 4;
