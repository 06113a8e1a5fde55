import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** Class names that are written out in a message. */
const mostNamed = 20;

function listed(classes: readonly string[], comma: string): string {
  const named = classes.slice(0, mostNamed).join(comma);
  return classes.length > mostNamed ? `${named}${comma}…` : named;
}

/** Sentences about detectors. */
export const detectorSentences = sentenceSet(
  {
    classUnknown: ({
      id,
      name,
      classes,
    }: {
      id: string;
      name: string;
      classes: readonly string[];
    }) =>
      `The model ${id} knows no "${name}". It finds ${classes.length} classes: ${listed(classes, ', ')}. Ask for one of them.`,
    detectorTakesNoRegions: ({ id }: { id: string }) =>
      `The model ${id} finds objects by class and takes no marks. Ask for a class or for everything, or load another model.`,
    classNamesMissing: ({ path }: { path: string }) =>
      `${path} does not say what its classes are called. Give their names, in the model's order.`,
    classNamesCount: ({
      path,
      expected,
      found,
    }: {
      path: string;
      expected: number;
      found: number;
    }) =>
      `${path} finds ${expected} classes, but ${found} names were given. Give one name for each class, in the model's order.`,
    outputsDisagree: ({ id, shapes }: { id: string; shapes: readonly string[] }) =>
      `The outputs of the model ${id} have different numbers of objects: ${shapes.join(', ')}. Add the model again with ` +
      'a mapping that names the right outputs, or export it again.',
    mappingUnusable: ({ reason }: { reason: string }) =>
      `The mapping does not describe a detector: ${reason}. Mend it; "models add --help" shows one.`,
    mappingNameUnknown: ({
      path,
      name,
      known,
    }: {
      path: string;
      name: string;
      known: readonly string[];
    }) =>
      `The mapping names "${name}", which ${path} does not have; it has ${known.join(', ')}. Mend the mapping.`,
  },
  {
    classUnknown: ({ id, name, classes }) =>
      `模型 ${id} 不认识“${name}”。它能检测 ${classes.length} 个类别：${listed(classes, '、')}。请改用其中之一。`,
    detectorTakesNoRegions: ({ id }) =>
      `模型 ${id} 按类别检测对象，不接受标记。请按类别提问或检测全部，或加载其他模型。`,
    classNamesMissing: ({ path }) => `${path} 没有说明类别名称。请按模型的顺序给出类别名称。`,
    classNamesCount: ({ path, expected, found }) =>
      `${path} 有 ${expected} 个类别，而给出了 ${found} 个名称。请按模型的顺序为每个类别给出一个名称。`,
    outputsDisagree: ({ id, shapes }) =>
      `模型 ${id} 各输出的对象数量不一致：${shapes.join('、')}。请用写明正确输出的映射重新添加模型，或重新导出。`,
    mappingUnusable: ({ reason }) =>
      `该映射没有描述检测器：${reason}。请修正；“models add --help”中有示例。`,
    mappingNameUnknown: ({ path, name, known }) =>
      `映射中的“${name}”在 ${path} 中不存在；其中有 ${known.join('、')}。请修正映射。`,
  },
);

export const detectorFailure = failuresOf(detectorSentences);
