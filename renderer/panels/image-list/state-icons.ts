import Check from '@lucide/svelte/icons/check';
import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import CircleQuestion from '@lucide/svelte/icons/circle-question-mark';
import CircleSlash from '@lucide/svelte/icons/circle-slash';

/** The icon of the state of an image. */
export const stateIcons = {
  untouched: CircleDashed,
  'to-check': CircleQuestion,
  'reviewed-empty': CircleSlash,
  done: Check,
};
