<?php

declare(strict_types=1);

namespace OctoStore\Value;

/** What has happened to a lock or session that the client holds. */
enum HandleEventType: string
{
    case Acquired = 'acquired';
    case Renewed = 'renewed';

    /** An attempt to renew it has failed. Others follow until it is lost. */
    case RenewalFailed = 'renewal_failed';
    case Lost = 'lost';

    /** You have closed it. */
    case Released = 'released';
}
