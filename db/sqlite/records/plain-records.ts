import { imageStates, splits } from '../../../core/records.ts';
import {
  hasKeys,
  isEmptyRecord,
  isFilledList,
  isPlainBox,
  isPlainExtra,
  isPlainGeometry,
  isPlainProvenance,
  isRecord,
  isWithin,
} from './plain-json.ts';

/**
 * Most records that the journal holds, told at a glance: one of them is what its schema in
 * core/records.ts takes, and parsing it would give an equal one. False says nothing: the schema
 * decides.
 */
export function isPlainRecord(value: unknown): boolean {
  if (!isRecord(value)) return false;
  switch (value['kind']) {
    case 'annotation':
      return isPlainAnnotation(value);
    case 'image':
      return isPlainImage(value);
    case 'item':
      return isPlainDescription(value);
    default:
      return false;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isPlainAnnotation(value: Fields): boolean {
  return (
    hasKeys(value, 14) &&
    isFilledText(value['id']) &&
    isFilledText(value['imageId']) &&
    (value['categoryId'] === null || isFilledText(value['categoryId'])) &&
    isPlainGeometry(value['geometry']) &&
    isPlainBox(value['bbox']) &&
    Number.isFinite(value['area']) &&
    (value['area'] as number) >= 0 &&
    typeof value['crowd'] === 'boolean' &&
    Number.isSafeInteger(value['zOrder']) &&
    isEmptyRecord(value['attributes']) &&
    hasPlainOrigin(value)
  );
}

function isPlainImage(value: Fields): boolean {
  return (
    hasKeys(value, 11) &&
    isFilledText(value['id']) &&
    isFilledText(value['folderId']) &&
    isFilledText(value['path']) &&
    isWithin(value['width'], 1, Number.MAX_SAFE_INTEGER) &&
    isWithin(value['height'], 1, Number.MAX_SAFE_INTEGER) &&
    isWithin(value['orientation'], 1, 8) &&
    typeof value['sha256'] === 'string' &&
    imageStates.some((state) => state === value['state']) &&
    (value['split'] === null || splits.some((split) => split === value['split'])) &&
    isPlainExtra(value['extra'])
  );
}

/** Of the items, those that an import brings in masses. */
function isPlainDescription(value: Fields): boolean {
  const { content } = value;
  return (
    hasKeys(value, 11) &&
    value['task'] === 'description' &&
    isRecord(content) &&
    hasKeys(content, 1) &&
    typeof content['text'] === 'string' &&
    isFilledText(value['id']) &&
    isFilledText(value['imageId']) &&
    isFilledList(value['segments'], 0, isPlainSegment) &&
    (value['author'] === null || isFilledText(value['author'])) &&
    hasPlainOrigin(value)
  );
}

function isPlainSegment(value: unknown): boolean {
  return (
    isRecord(value) &&
    hasKeys(value, 3) &&
    typeof value['tag'] === 'string' &&
    isFilledText(value['annotationId']) &&
    (value['role'] === 'prompt' || value['role'] === 'target')
  );
}

function hasPlainOrigin(value: Fields): boolean {
  return (
    isPlainProvenance(value['provenance']) &&
    Number.isSafeInteger(value['createdAtMs']) &&
    Number.isSafeInteger(value['updatedAtMs']) &&
    isPlainExtra(value['extra'])
  );
}

function isFilledText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
