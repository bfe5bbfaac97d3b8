<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** The caller's `StopToken` ended a call while it waited. No error of OctoStore, and so no `OctoStoreException`. */
final class StoppedException extends \RuntimeException
{
}
