<?php

declare(strict_types=1);

namespace OctoStore\Value;

/** What a watch tells: a `StateUpdate` first, then an `EventUpdate` for each thing that happens; a `ResetUpdate` is rare. */
interface Update
{
}
