<?php

declare(strict_types=1);

namespace OctoStore\Internal\Calls;

use OctoStore\Internal\Http\Request;
use OctoStore\StopToken;

/**
 * Something asked of the server, in as many attempts as it takes and as are safe.
 *
 * @internal
 * @template T
 */
final readonly class Call
{
    /**
     * @param Request|(\Closure(): Request) $request what is sent; asked for anew before each attempt
     * @param \Closure(string): T $read reads the body of a success; throws `UnexpectedValueException` if it is none
     * @param bool $isSafe whether it does no harm if the server does it twice
     * @param bool $goneIsDone for what makes something go away: if it is gone after an attempt of unknown outcome, that attempt
     *     did it
     */
    public function __construct(
        private Request|\Closure $request,
        public \Closure $read,
        public bool $isSafe,
        public bool $goneIsDone = false,
        public Outcome $outcome = new Outcome(),
        public ?StopToken $stop = null,
    ) {
    }

    public function request(): Request
    {
        return $this->request instanceof Request ? $this->request : ($this->request)();
    }
}
