/** The one thing that is used of ora, in a module of its own so that it is a chunk of its own. */
export { default } from 'ora';
