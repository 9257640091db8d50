export { renderExitCodes } from '../report/exit-codes.js';
