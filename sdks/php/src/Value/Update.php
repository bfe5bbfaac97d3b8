<?php

declare(strict_types=1);

namespace OctoStore\Value;

/** One update of a watch: a `StateUpdate` first, then an `EventUpdate` for each event. A `ResetUpdate` is rare. */
interface Update
{
}
