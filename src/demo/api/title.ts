import { Refusal } from '../http.js';

/** A title as the API takes it: some text of at most 500 characters. */
export function checkedTitle(title: unknown): string {
  if (typeof title !== 'string' || title.trim() === '' || title.length > 500 || title.includes('\0'))
    throw new Refusal(422, 'title_not_a_text');
  return title;
}
